// Sends a decision so that a lost answer, a double click or a reload can never count twice.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ApiProblem, post } from "../../api/client.ts";
import { correctApprovalLists, keys } from "../../api/queries.ts";
import type { Accepted, Approval, Decided, DecisionRequest } from "../../api/types.ts";
import { decisionId, type Draft } from "./draft.ts";

export function useDecide(
  approval: Approval,
  drafts: { draft: Draft; save: (draft: Draft) => void; drop: () => void },
) {
  const client = useQueryClient();
  const { draft, save, drop } = drafts;
  return useMutation({
    mutationFn: ({ choice, by }: { choice: string; by: string }) => {
      const comment = draft.comment.trim();
      const attempt = { choice, comment, by };
      const id = decisionId(draft.sent, attempt);
      save({ ...draft, sent: { ...attempt, id } });
      const request: DecisionRequest = {
        decision: choice,
        digest: approval.digest,
        decisionId: id,
        by,
        ...(comment && { comment }),
      };
      return post<Decided | Accepted>(`/approvals/${approval.id}/decisions`, request);
    },
    onSuccess: (answer) => {
      drop();
      if ("approval" in answer) {
        client.setQueryData(keys.approval(approval.id), answer.approval);
        correctApprovalLists(client, answer.approval);
      } else {
        // Taken, and it could not be shown at the moment.
        void client.invalidateQueries({ queryKey: keys.approval(approval.id) });
      }
      void client.invalidateQueries({ queryKey: keys.run(approval.runId) });
    },
    onError: (error) => {
      if (!(error instanceof ApiProblem)) return; // unknown: the same id is sent again
      save({ ...draft, sent: null });
      // Somebody else was faster, time ran out, or the digest is another: show what is true now.
      void client.invalidateQueries({ queryKey: keys.approval(approval.id) });
    },
  });
}
