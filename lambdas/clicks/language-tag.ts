/** A plain language tag in lower case: language, then script and region where they are named. */
export const LANGUAGE_TAG = /^([a-z]{2,3})(?:-([a-z]{4}))?(?:-([a-z]{2}|\d{3}))?$/;
