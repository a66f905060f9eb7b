import { Button } from "@patternfly/react-core";
import { useEffect, useRef, useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { OperationOutput } from "@vireo/model/operation/operations";
import { useAct, useAsk } from "../data/operation.ts";
import { useSession } from "../data/session-context.ts";
import { Equivalents } from "../part/equivalents.tsx";
import { Fault, faultText } from "../part/fault.tsx";
import type { DomainTabProps } from "./domain-tab.ts";
import { Planned } from "./planned.tsx";

type Plan = OperationOutput<"domain", "plan">;

const LINE = /(?:line |:)(\d+)/;

/** Puts the cursor on the line that an error names. */
function goToLine(editor: HTMLTextAreaElement, error: unknown): number | undefined {
  const line = Number(LINE.exec(faultText(error))?.[1] ?? Number.NaN);
  if (Number.isNaN(line)) return undefined;
  const before = editor.value.split("\n").slice(0, line - 1);
  const start = before.join("\n").length + (line > 1 ? 1 : 0);
  const end = editor.value.indexOf("\n", start);
  editor.focus();
  editor.setSelectionRange(start, end < 0 ? editor.value.length : end);
  editor.scrollTop =
    (line / Math.max(1, editor.value.split("\n").length)) * editor.scrollHeight - 100;
  return line;
}

/** The persistent definition, with a plan before it is applied. */
export function XmlTab({ domain }: DomainTabProps): ReactElement {
  const { t } = useTranslation();
  const { readOnly } = useSession();
  const about = { domain: { uuid: domain.uuid } };
  const asked = useAsk(["domain", "xml"], { ...about, inactive: true, secure: !readOnly });
  const [text, setText] = useState<string>();
  const editor = useRef<HTMLTextAreaElement>(null);
  const plan = useAct();
  const apply = useAct();
  const xml = text ?? asked.data ?? "";
  const error = plan.error ?? apply.error;
  const [line, setLine] = useState<number>();
  useEffect(() => {
    setLine(
      error === null || editor.current === null ? undefined : goToLine(editor.current, error),
    );
  }, [error]);
  const input = { ...about, xml };
  return (
    <>
      <div className="vireo-line">
        <Button
          variant="secondary"
          isDisabled={text === undefined}
          onClick={() => plan.mutate({ operation: "domain.plan", input })}
        >
          {t("xml.check")}
        </Button>
        <Button
          isDisabled={readOnly || text === undefined}
          isLoading={apply.isPending}
          onClick={() =>
            apply.mutate(
              { operation: "domain.apply", input },
              { onSuccess: () => setText(undefined) },
            )
          }
        >
          {t("xml.apply")}
        </Button>
        <Button
          variant="link"
          isDisabled={text === undefined}
          onClick={() => {
            setText(undefined);
            plan.reset();
            apply.reset();
          }}
        >
          {t("xml.revert")}
        </Button>
        <Equivalents action={{ operation: "domain.apply", input }} />
      </div>
      <Fault error={asked.error ?? error}>
        {line === undefined ? null : <p>{t("xml.line", { line })}</p>}
      </Fault>
      {plan.data === undefined ? null : <Planned plan={plan.data as Plan} />}
      <textarea
        ref={editor}
        className={error === null ? "vireo-editor" : "vireo-editor vireo-fault"}
        aria-label={t("xml.persistent", { name: domain.name })}
        spellCheck={false}
        value={xml}
        readOnly={readOnly}
        onChange={({ target }) => setText(target.value)}
      />
    </>
  );
}
