/** A confirmation before something is lost. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

interface AskDialogProps {
  title: string;
  /** The name of the button that does it. */
  action: string;
  isDisabled?: boolean;
  onDo: () => void;
  onClose: () => void;
  children: ComponentChildren;
}

export function AskDialog({ title, action, isDisabled, onDo, onClose, children }: AskDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog class="ask card pad" ref={dialog} aria-labelledby="t-ask" onClose={onClose}>
      <form
        class="flow"
        onSubmit={(event) => {
          event.preventDefault();
          onDo();
        }}
      >
        <h2 id="t-ask">
          <bdi>{title}</bdi>
        </h2>
        {children}
        <div class="row">
          <button class="button go" disabled={isDisabled}>
            {action}
          </button>
          <button type="button" class="button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
        </div>
      </form>
    </dialog>
  );
}
