Feature: Steps one after the other

  Scenario: each step gets what the last one put out
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: do-order, version: '1.0.0' }
    do:
      - first: { set: { colours: [red] } }
      - second: { set: { colours: '${ .colours + ["green"] }' } }
      - third: { do: [ { inner: { set: { colours: '${ .colours + ["blue"] }' } } } ] }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    colours: [red, green, blue]
    """
    And first should run first
    And second should run after first
    And third should run last

  Scenario: a step without its condition is passed over
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: do-if, version: '1.0.0' }
    do:
      - yes: { if: .go, set: { a: 1 } }
      - no: { if: '${ .a == 2 }', set: { a: 3 } }
    """
    And given the workflow input is:
    """yaml
    go: true
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    a: 1
    """

  Scenario: a document without steps is refused
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: do-none, version: '1.0.0' }
    do: []
    """
    When the workflow is executed
    Then the workflow should be refused with:
    """
    This list of steps is empty.
    """
