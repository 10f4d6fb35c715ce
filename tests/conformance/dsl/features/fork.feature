Feature: Branches side by side

  Scenario: the output has every branch in its place
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: fork-all, version: '1.0.0' }
    do:
      - both:
          fork:
            branches:
              - slow: { do: [ { sleep: { wait: { milliseconds: 50 } } }, { a: { set: { n: 1 } } } ] }
              - fast: { set: { n: 2 } }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    [{ n: 1 }, { n: 2 }]
    """

  Scenario: of branches that compete one wins
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: fork-race, version: '1.0.0' }
    do:
      - race:
          fork:
            compete: true
            branches:
              - late: { wait: PT30S }
              - soon: { set: { winner: soon } }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    winner: soon
    """
    And late should cancel

  Scenario: a branch that fails fails the fork
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: fork-fails, version: '1.0.0' }
    do:
      - both:
          fork:
            branches:
              - bad: { raise: { error: { type: 'https://shop/closed', status: 409, title: Closed } } }
              - good: { wait: PT30S }
    """
    When the workflow is executed
    Then the workflow should fault with error:
    """yaml
    status: 409
    title: Closed
    """

  Scenario: a branch cannot export
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: fork-exports, version: '1.0.0' }
    do:
      - both: { fork: { branches: [ { a: { set: { x: 1 }, export: { as: . } } } ] } }
    """
    When the workflow is executed
    Then the workflow should be refused with:
    """
    A step inside a `fork` cannot export
    """
