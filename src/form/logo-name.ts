/** The name of a picture beside the form, and no way out of its folder. */
export const LOGO_NAME = /^[\w-][\w.-]*\.(svg|png|jpe?g|webp)$/i;
