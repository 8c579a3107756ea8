import type { Health } from "../schema";
import { capital, LEVELS, type Level, ruleWord } from "../words";
import { Shape } from "./shape";

interface Props {
  level: Level;
  word?: string;
  shape?: string;
}

/** A level as shape, word and colour; the level's own word and shape where not given. */
export function LevelMark({ level, ...own }: Props) {
  const { shape, word } = { ...(LEVELS[level] ?? { shape: "●", word: level }), ...own };
  return (
    <span class={`level ${level}`}>
      <Shape>{shape}</Shape>
      {word}
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
