/** Bodies and answers of the comments in a preview. Types only. */

/** `POST /preview/{token}/-/comments`, answered with 201. */
export interface CommentToSend {
  kind: 'comment' | 'approval';
  /** The id of the screen, and of the question on it. */
  screen?: string | undefined;
  field?: string | undefined;
  name: string;
  text: string;
  /** The version of the form that the person sees. */
  version: string;
}

/** `GET /preview/{token}/-/comments`, the newest first. */
export interface CommentList {
  comments: (Omit<CommentToSend, 'version'> & { at: string; isDone: boolean })[];
}
