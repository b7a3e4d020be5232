/** Reads a number as a member types it, with a decimal point or comma. Pure. */

/** @returns NaN for a text that is no number, or that can mean two: `1,000` is one thousand in one country, and one in another */
export const readTypedNumber = (text: string): number =>
  /[1-9]\d*[.,]\d{3}$/.test(text.trim()) ? NaN : Number(text.trim().replace(',', '.'));
