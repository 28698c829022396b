/** Sets the time limit of a Jest project, see jest.config.js. */
declare const timeLimitMs: number;

jest.setTimeout(timeLimitMs);
