import { signal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { GLOSSARY } from "../glossary";
import { charactersWork, useKeys } from "../keys";

/** The term that the help was opened for, "" for the whole of it, null while it is closed. */
const opened = signal<string | null>(null);

const KEYS: readonly (readonly [string, string])[] = [
  ["/", "filter the runs"],
  ["j k", "next, previous run or finding"],
  ["Enter", "open the run"],
  ["x", "select the run"],
  ["c", "compare the selected runs"],
  ["b", "set the run as baseline"],
  ["e", "export"],
  ["g r", "to the runs"],
  ["1 to 9", "tabs of a run"],
  ["[ ]", "previous, next run"],
  ["f", "next finding"],
  ["s", "show its evidence"],
  ["Esc", "back"],
  ["?", "this help"],
];

export function HelpButton() {
  return (
    <button
      type="button"
      aria-keyshortcuts="?"
      onClick={() => {
        opened.value = "";
      }}
    >
      Help
    </button>
  );
}

/** An abbreviation that the help explains. */
export function Term({ children }: { children: string }) {
  const text = GLOSSARY[children];
  if (text === undefined) return <>{children}</>;
  return (
    <button
      type="button"
      class="term"
      title={text}
      onClick={() => {
        opened.value = children;
      }}
    >
      {children}
    </button>
  );
}

/** The help where it is open, and the key that opens it. */
export function Help() {
  useKeys({
    "?": () => {
      opened.value = "";
    },
  });
  return opened.value === null ? null : <Dialog term={opened.value} />;
}

function Dialog({ term }: { term: string }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    dialog.current?.showModal();
    dialog.current?.querySelector(".chosen")?.scrollIntoView({ block: "nearest" });
  }, []);
  return (
    <dialog
      class="help"
      ref={dialog}
      aria-labelledby="help-title"
      onClose={() => {
        opened.value = null;
      }}
    >
      <header class="card-head">
        <h2 id="help-title">Help</h2>
        <span class="spring" />
        <button type="button" onClick={() => dialog.current?.close()}>
          Close
        </button>
      </header>
      <div class="help-parts">
        <section aria-labelledby="help-keys">
          <h3 id="help-keys">Keyboard</h3>
          <dl>
            {KEYS.map(([keys, what]) => (
              <div key={keys}>
                <dt>
                  <kbd>{keys}</kbd>
                </dt>
                <dd>{what}</dd>
              </div>
            ))}
          </dl>
          <label>
            <input
              type="checkbox"
              checked={charactersWork.value}
              onChange={({ currentTarget }) => {
                charactersWork.value = currentTarget.checked;
              }}
            />{" "}
            Single characters are shortcuts
          </label>
        </section>
        <section aria-labelledby="help-words">
          <h3 id="help-words">Words</h3>
          <dl>
            {Object.entries(GLOSSARY).map(([name, text]) => (
              <div key={name} class={name === term ? "chosen" : undefined}>
                <dt>{name}</dt>
                <dd>{text}</dd>
              </div>
            ))}
          </dl>
        </section>
      </div>
    </dialog>
  );
}
