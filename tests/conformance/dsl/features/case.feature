Feature: The record of a case

  Scenario: a case that several steps change
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: case, version: '1.0.0' }
    do:
      - open: { call: case, with: { op: open, case: '${ .order }', title: Late parcel } }
      - assign: { call: case, with: { op: assign, case: '${ .case }', assignee: rita } }
      - note: { call: case, with: { op: note, case: '${ .case }', note: Asked the carrier, facts: { late: true } } }
      - close:
          call: case
          with: { op: close, case: '${ .case }', resolution: refunded }
          output: { as: '{ case, status, title, assignee, resolution, facts }' }
    """
    And given the workflow input is:
    """yaml
    order: O-7
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    { case: O-7, status: closed, title: Late parcel, assignee: rita, resolution: refunded, facts: { late: true } }
    """

  Scenario: what was never opened cannot be closed
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: case-unopened, version: '1.0.0' }
    do:
      - close: { call: case, with: { op: close, case: never-opened } }
    """
    When the workflow is executed
    Then the workflow should fault with error:
    """yaml
    type: https://serverlessworkflow.io/spec/1.0.0/errors/runtime
    status: 500
    instance: /do/0/close
    """
