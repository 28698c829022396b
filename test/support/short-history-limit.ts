/** In the place of src/workflows/history-limit: what comes before the first restart is longer already. */
export const maxHistoryEvents = 30;
