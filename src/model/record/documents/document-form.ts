/** The forms of a document with exported incidents. */
export const DOCUMENT_FORMS = ['md', 'html', 'json'] as const;
export type DocumentForm = (typeof DOCUMENT_FORMS)[number];
