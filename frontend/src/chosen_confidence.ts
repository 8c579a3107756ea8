// The confidence that somebody chose on a run's page. The address keeps it, so that a link shows the same.

import { computed, type Signal, signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { go, place } from "./place";

/** What is chosen has come to rest when it has not been moved for this long. */
const REST_MS = 250;

/** The confidence where it last came to rest, null where nobody chose one. */
const restingConfidence = computed(() => parse(place.value.conf));

function parse(text: string | undefined): number | null {
  const value = Number.parseFloat(text ?? "");
  return value >= 0 && value <= 1 ? value : null;
}

export interface ChosenConfidence {
  /** Follows every movement; null is the best. */
  moving: Signal<number | null>;
  move: (confidence: number | null) => void;
}

/** A slider's confidence: it moves at once, and the address follows when it rests. */
export function useChosenConfidence(): ChosenConfidence {
  const chosen = useMemo(create, []);
  useEffect(chosen.follow, [chosen]);
  return chosen;
}

function create(): ChosenConfidence & { follow: () => () => void } {
  const moving = signal(restingConfidence.peek());
  let timer = 0;
  const move = (confidence: number | null) => {
    moving.value = confidence;
    clearTimeout(timer);
    timer = window.setTimeout(rest, REST_MS);
  };
  const rest = () => {
    timer = 0;
    go({ conf: moving.peek()?.toFixed(4) ?? null }, "replace");
  };
  const follow = () => {
    const stop = restingConfidence.subscribe((confidence) => {
      moving.value = confidence;
    });
    return () => {
      stop();
      clearTimeout(timer);
      // Whoever leaves for another tab at once has chosen, too.
      if (timer) rest();
    };
  };
  return { moving, move, follow };
}
