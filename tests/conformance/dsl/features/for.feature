Feature: Loops

  Scenario: each turn goes on with what the last one put out
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: for-turns, version: '1.0.0' }
    do:
      - loop:
          for: { each: colour, in: .colours, at: i }
          do:
            - add: { set: { done: '${ .done + [{ colour: $colour, at: $i }] }' } }
    """
    And given the workflow input is:
    """yaml
    colours: [red, green]
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    done: [{ colour: red, at: 0 }, { colour: green, at: 1 }]
    """

  Scenario: while stops it
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: for-while, version: '1.0.0' }
    do:
      - loop:
          for: { in: '[1, 2, 3, 4]' }
          while: $item < 3
          do:
            - add: { set: { sum: '${ (.sum // 0) + $item }' } }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    sum: 3
    """

  Scenario: a loop over nothing puts out its input
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: for-nothing, version: '1.0.0' }
    do:
      - loop: { for: { in: .none }, do: [ { a: { set: { x: 1 } } } ] }
    """
    And given the workflow input is:
    """yaml
    none: []
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    none: []
    """
