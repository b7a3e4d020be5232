/** Whether a label asks a question; what tells that it is empty then speaks of an answer. */
export const isQuestion = (label: string): boolean => /[?？؟]\s*$/.test(label);
