/**
 * How many events a history may have before the upgrade goes on in a new run of the workflow. A restart makes about eleven, so a
 * run holds some 90 of them, and clusters of up to 40 brokers need no second one. A worker that takes the upgrade over replays
 * that many in about a second (`npm run bench:histories`), while a broker may be down; Temporal itself asks for a new run at
 * 4,096, and ends a workflow at 51,200.
 */
export const maxHistoryEvents = 1_000;
