/** A number of an array by its place; NaN where there is none, so that a mistake shows instead of counting as zero. */
export const numberAt = (numbers: ArrayLike<number>, place: number): number => numbers[place] ?? Number.NaN;
