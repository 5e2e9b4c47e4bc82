/** An outage of something that several parts use, each of which finds out for itself: it is told once. */
export interface Outage {
  /** A part has no answer any more. True for the first that says so: that one tells. */
  begins(): boolean;
  /** A part has an answer again. */
  ends(): void;
}

/** No outage. */
export function createOutage(): Outage {
  let isOn = false;
  return {
    begins() {
      const isFirst = !isOn;
      isOn = true;
      return isFirst;
    },
    ends() {
      isOn = false;
    },
  };
}
