import type { Health } from "../schema";
import { capital, LEVELS, type Level, ruleWord } from "../words";

/** A level as shape, word and colour. */
export function LevelMark({ level, word }: { level: Level; word?: string }) {
  const { shape, word: own } = LEVELS[level] ?? { shape: "●", word: level };
  return (
    <span class={`level ${level}`}>
      <span class="shape" aria-hidden="true">
        {shape}
      </span>
      {word ?? own}
    </span>
  );
}

/** The health of a run: the rule that found the worst, or that all is well. */
export function HealthMark({ health }: { health: Health }) {
  const { level, rule } = health;
  if (!rule) return <LevelMark level={level} word={capital(LEVELS[level]?.word ?? level)} />;
  return (
    <>
      <span class="unseen">{LEVELS[level]?.word}: </span>
      <LevelMark level={level} word={ruleWord(rule)} />
    </>
  );
}
