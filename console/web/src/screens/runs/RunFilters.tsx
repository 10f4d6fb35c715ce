// The filters of the list of runs. Texts apply when they are complete, not at every key.
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { Button, Input, Label, TextField } from "react-aria-components";
import { Segments } from "../../parts/Segments.tsx";
import type { RunsSearch } from "../../search.ts";
import { label, texts } from "../../texts.ts";

const STATUSES = ["running", "waiting", "completed", "faulted", "cancelled", "quarantined"];

export function RunFilters({ search }: { search: RunsSearch }) {
  const navigate = useNavigate();
  const [workflow, setWorkflow] = useState(search.workflow ?? "");
  const [caseId, setCaseId] = useState(search.case ?? "");
  const apply = () => {
    const { workflow: _workflow, case: _case, ...rest } = search;
    const next: RunsSearch = {
      ...rest,
      ...(workflow.trim() && { workflow: workflow.trim() }),
      ...(caseId.trim() && { case: caseId.trim() }),
    };
    void navigate({ to: "/runs", search: next });
  };
  const onEnter = (event: { key: string }) => event.key === "Enter" && apply();
  const { status: _status, ...anyStatus } = search;
  return (
    <div className="filters">
      <Segments
        label={texts.runs.status}
        current={search.status ?? ""}
        segments={[
          { value: "", label: texts.runs.any, link: { to: "/runs", search: anyStatus } },
          ...STATUSES.map((value) => ({
            value,
            label: label(texts.status, value),
            link: { to: "/runs" as const, search: { ...search, status: value } },
          })),
        ]}
      />
      <TextField
        className="inline-field"
        value={workflow}
        onChange={setWorkflow}
        onKeyDown={onEnter}
      >
        <Label>{texts.runs.workflow}</Label>
        <Input spellCheck="false" autoComplete="off" />
      </TextField>
      <TextField className="inline-field" value={caseId} onChange={setCaseId} onKeyDown={onEnter}>
        <Label>{texts.runs.case}</Label>
        <Input spellCheck="false" autoComplete="off" />
      </TextField>
      <Button className="button" onPress={apply}>
        {texts.runs.apply}
      </Button>
    </div>
  );
}
