/** Says whether the page keeps itself up to date, and stops or resumes it. */
export function LiveTools() {
  return (
    <>
      <span class="live" data-live-state="" role="status">
        <span class="dot" />
        <span></span>
      </span>
      <button type="button" class="button small" data-live-toggle="" aria-pressed="false" hidden>
        Pause
      </button>
    </>
  );
}
