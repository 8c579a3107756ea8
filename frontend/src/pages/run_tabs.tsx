import { useRef } from "preact/hooks";
import { TABS, tabOf } from "../panels/tabs";
import { go, place } from "../place";

/** One tab is in the order of the Tab key; the arrows lead to the others, as in every list of tabs. */
export function RunTabs() {
  const list = useRef<HTMLDivElement>(null);
  const chosen = tabOf(place.value.tab).id;
  const choose = (id: string) => go({ tab: id }, "push");
  const move = (to: number) => {
    const index = (to + TABS.length) % TABS.length;
    choose(TABS[index]?.id ?? chosen);
    list.current?.querySelectorAll<HTMLElement>("[role=tab]")[index]?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const at = TABS.findIndex(({ id }) => id === chosen);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    move(to);
  };
  return (
    <div class="tabs" role="tablist" aria-label="Parts of the run" ref={list}>
      {TABS.map(({ id, title }) => (
        <button
          type="button"
          role="tab"
          key={id}
          aria-selected={id === chosen}
          aria-controls="tab-panel"
          tabIndex={id === chosen ? 0 : -1}
          onClick={() => choose(id)}
          onKeyDown={onKeyDown}
        >
          {title}
        </button>
      ))}
    </div>
  );
}
