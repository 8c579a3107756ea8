import { LevelMark } from "../components/verdict";
import type { Question } from "../schema";
import type { Level } from "../words";
import type { Panel, PanelProps } from "./panel";

export const questions: Panel = { id: "questions", place: "side", Content: Questions };

/** The six questions to ask of every training, each with its answer in a sentence. */
function Questions({ run }: PanelProps) {
  return (
    <section class="card" aria-labelledby="questions-title">
      <h2 id="questions-title">Questions</h2>
      <dl class="questions">
        {run.questions.map(({ id, question, answer, level }) => (
          <div key={id} class="question">
            <dt>
              <LevelMark level={levelOf(level)} word={question} />
            </dt>
            <dd>{answer}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** What is unknown looks like a run without a verdict. */
function levelOf(level: Question["level"]): Level {
  return level === "unknown" ? "no_verdict" : level;
}
