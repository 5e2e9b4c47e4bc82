/** A model on offer (OpenAI API reference, The model object). */
export interface Model {
  id: string;
  object: 'model';
  /** Seconds since the epoch; 0 where unknown. */
  created: number;
  owned_by: string;
  shutdown_date?: string | null;
}

/** Answer of `GET /models`: everything on one page. */
export interface ModelsPage {
  object: string;
  data: Model[];
}

/** A fine-tuned model was deleted. */
export interface ModelDeleted {
  id: string;
  deleted: boolean;
  object: string;
}
