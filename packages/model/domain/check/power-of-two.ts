/** Whether a size or count is one; zero is none. */
export const isPowerOfTwo = (value: number): boolean => Number.isInteger(Math.log2(value));
