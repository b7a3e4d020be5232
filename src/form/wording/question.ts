/** Whether a label asks a question. Then the error of an empty field speaks of an answer. */
export const isQuestion = (label: string): boolean => /[?？؟]\s*$/.test(label);
