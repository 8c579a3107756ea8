import { useState } from "preact/hooks";
import { Card } from "../components/card";
import { Missing } from "../components/facts";
import { Scroll } from "../components/scroll";
import { LevelMark } from "../components/verdict";
import { count } from "../format";
import type { DetailedRun, Risk, Setting } from "../schema";
import { keyed } from "../view";
import { ruleWord } from "../words";
import { focusFinding } from "./focus_finding";
import type { Panel, PanelProps } from "./panel";

export const config: Panel = { id: "config", place: "details", Content: Config };

function Config({ run }: PanelProps) {
  const [text, setText] = useState("");
  const settings = run.config;
  const sources = [...new Set(settings.map(({ file }) => file))];
  return (
    <Card
      id="config"
      title="Configuration"
      note={sources.join(", ")}
      tools={
        <>
          <span class="spring" />
          {settings.length > 0 && (
            <input
              type="search"
              aria-label="Filter the configuration"
              placeholder="Filter"
              value={text}
              onInput={({ currentTarget }) => setText(currentTarget.value)}
            />
          )}
        </>
      }
    >
      {settings.length === 0 ? (
        <p class="muted">No file of this run states its arguments.</p>
      ) : (
        <Groups run={run} text={text.toLowerCase()} />
      )}
    </Card>
  );
}

/** What was changed first; what is as usual is folded away until somebody looks for it. */
function Groups({ run, text }: { run: DetailedRun; text: string }) {
  const [unfolded, setUnfolded] = useState(false);
  const found = run.config.filter((setting) => holds(setting, text));
  const usual = found.filter(({ changed }) => changed === false);
  const groups = [
    { title: "Changed", settings: found.filter(({ changed }) => changed) },
    {
      title: "Without a default to compare with",
      settings: found.filter(({ changed }) => changed === null),
    },
    { title: "As usual", settings: unfolded || text ? usual : usual.filter(({ risk }) => risk) },
  ].filter(({ settings }) => settings.length > 0);
  const told = groups.some(({ settings }) => settings.some((one) => one.default !== null));
  return (
    <>
      <Scroll label="Training arguments">
        <table class="arguments">
          <thead class={told ? undefined : "unseen"}>
            <tr>
              <th scope="col">Argument</th>
              <th scope="col">Value</th>
              {told && <th scope="col">Default</th>}
            </tr>
          </thead>
          {groups.map(({ title, settings }) => (
            <tbody key={title}>
              {told && (
                <tr class="group">
                  <th scope="rowgroup" colSpan={3}>
                    {title} · {settings.length}
                  </th>
                </tr>
              )}
              {settings.map((setting) => (
                <Line key={`${setting.file} ${setting.key}`} {...{ run, setting, told }} />
              ))}
            </tbody>
          ))}
        </table>
        {found.length === 0 && <p class="muted">No argument matches.</p>}
      </Scroll>
      {usual.length > 0 && !text && (
        <button
          type="button"
          class="quiet"
          aria-expanded={unfolded}
          onClick={() => setUnfolded(!unfolded)}
        >
          {unfolded ? "Hide" : "Show"} {count(usual.length, "argument")} as usual
        </button>
      )}
    </>
  );
}

interface LineProps {
  run: DetailedRun;
  setting: Setting;
  /** Whether the table has a column of defaults. */
  told: boolean;
}

function Line({ run, setting, told }: LineProps) {
  const { key, value, file, risk, changed } = setting;
  return (
    <tr class={changed ? "changed" : undefined}>
      <th scope="row" title={file}>
        <bdi>{key}</bdi>
      </th>
      <td>
        {value === "" ? <Missing what="empty" /> : <bdi>{value}</bdi>}
        {risk && <RiskLine run={run} risk={risk} />}
      </td>
      {told && <td class="muted">{setting.default}</td>}
    </tr>
  );
}

/** Leads to the finding where there is one. */
function RiskLine({ run, risk: { rule, why } }: { run: DetailedRun; risk: Risk }) {
  const found = rule && keyed(run.findings).find(({ finding }) => finding.rule === rule);
  return (
    <div class="risk">
      <LevelMark level={found ? found.finding.severity : "info"} word={why} />
      {found && (
        <button type="button" class="link" onClick={() => focusFinding(found.key)}>
          {ruleWord(found.finding.rule)}
        </button>
      )}
    </div>
  );
}

function holds({ key, value, risk }: Setting, text: string): boolean {
  return `${key} ${value} ${risk?.rule ?? ""}`.toLowerCase().includes(text);
}
