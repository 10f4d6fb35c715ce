Feature: Where the flow goes

  Scenario: then names the next step
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: flow-then, version: '1.0.0' }
    do:
      - a: { set: { way: [a] }, then: c }
      - b: { set: { way: '${ .way + ["b"] }' }, then: end }
      - c: { set: { way: '${ .way + ["c"] }' }, then: b }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    way: [a, c, b]
    """
    And a should run first
    And c should run before b

  Scenario: exit leaves the block, end the workflow
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: flow-exit, version: '1.0.0' }
    do:
      - inner: { do: [ { one: { set: { n: 1 }, then: exit } }, { two: { set: { n: 2 } } } ] }
      - then: { set: { n: '${ .n + 10 }' }, then: end }
      - never: { set: { n: 100 } }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    n: 11
    """

  Scenario: the names of directives name no step
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: flow-names, version: '1.0.0' }
    do:
      - exit: { set: { n: 1 } }
    """
    When the workflow is executed
    Then the workflow should be refused with:
    """
    `exit` directs the flow and cannot name a step.
    """
