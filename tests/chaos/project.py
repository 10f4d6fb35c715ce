"""The project that the chaos run deploys: the refund example, the chaos workflows, random ones."""

import json
import pathlib
import shutil
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
EXAMPLE = HERE.parent.parent / "examples" / "refund"
SMALL, LARGE = 1850, 20000  # below and above what the refund policy pays without a person
ORDERS = 6000  # one per refund case, so that no refund eats into another's payment
RANDOM_WORKFLOWS = 12


def write_project(folder, simulate, seed):
    """A project folder with the services' data beside it; returns the project's path."""
    project = folder / "project"
    for part in ("tools", "policies", "workflows"):
        shutil.copytree(EXAMPLE / part, project / part)
        shutil.copytree(HERE / "project" / part, project / part, dirs_exist_ok=True)
    shutil.copytree(EXAMPLE / "servers", project / "servers")
    for number in random_workflows(seed):
        text = subprocess.run(
            [str(simulate), "--print-workflow", str(number), "--for-chaos"],
            check=True, capture_output=True, text=True,
        ).stdout  # fmt: skip
        (project / "workflows" / f"random-{number}.yaml").write_text(text)
    (project / "resolute.yaml").write_text(
        "project: chaos\n"
        "models:\n"
        "  classifier: { backend: scripted, script: script.json }\n"
        "  reasoner: { backend: scripted, script: script.json }\n"
        "groups:\n"
        "  refund-reviewers: [bea, carl]\n"  # and not dora, who answers all the same
    )
    (project / "script.json").write_text(json.dumps(script()))
    (folder / "orders.json").write_text(json.dumps(orders()))
    (folder / "payments.json").write_text(json.dumps(payments()))
    return project


def random_workflows(seed):
    """The numbers of the random workflows of a campaign; each is printed by its number alone."""
    return range(seed * RANDOM_WORKFLOWS, (seed + 1) * RANDOM_WORKFLOWS)


def refund_case(number, is_large):
    """The input of one refund case."""
    return {
        "case_id": f"refund-{number}",
        "customer_id": "C-1042",
        "order_id": f"O-{number}",
        "customer_message": "The large one broke." if is_large else "A small one broke.",
    }


def script():
    answers = []
    for message, amount in (("A small one broke.", SMALL), ("The large one broke.", LARGE)):
        when = {"/message": message}
        classified = {"kind": "refund", "summary": message, "order_id": None, "reply": ""}
        proposed = {"amount": amount, "reason": "It broke.", "message": "We have refunded it."}
        answers.append({"model": "classifier", "when": when, "texts": [classified]})
        answers.append({"model": "reasoner", "when": when, "texts": [proposed]})
    return {"name": "chaos", "answers": answers}


def orders():
    example = json.loads((EXAMPLE / "services" / "orders.json").read_text())
    pattern = next(order for order in example["orders"] if order["customer_id"] == "C-1042")
    made = [
        {**pattern, "order_id": f"O-{number}", "payment_id": f"pay_{number}"}
        for number in range(ORDERS)
    ]
    return {**example, "orders": made}


def payments():
    example = json.loads((EXAMPLE / "services" / "payments.json").read_text())
    pattern = next(one for one in example["payments"] if one["customer_id"] == "C-1042")
    made = [
        {**pattern, "id": f"pay_{number}", "order_id": f"O-{number}", "amount": 50000}
        for number in range(ORDERS)
    ]
    return {**example, "payments": made}
