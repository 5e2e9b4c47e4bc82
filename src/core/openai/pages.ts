/** Which part of a long list to send. */
export interface CursorPageParams {
  /** ID of the last entry of the page before. */
  after?: string | undefined;
  limit?: number | undefined;
}

/** A part of a long list. `after` of the next page is the `id` of the last entry. */
export interface CursorPage<Item> {
  data: Item[];
  has_more: boolean;
}
