Feature: Data that a step sets

  Scenario: it replaces what was there
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: set-replaces, version: '1.0.0' }
    do:
      - a: { set: { shape: circle, size: '${ .size }', fill: '${ .fill }' } }
    """
    And given the workflow input is:
    """yaml
    size: 6
    fill: { red: 69 }
    other: 1
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    shape: circle
    size: 6
    fill: { red: 69 }
    """

  Scenario: types of YAML stay what they are
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: set-types, version: '1.0.0' }
    do:
      - a: { set: { on: on, no: no, date: 2026-01-02, number: 0x10, none: null, list: [1, '2'] } }
    """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have a 'on' property with value:
    """yaml
    'on'
    """
    And the workflow output should have a 'date' property with value:
    """yaml
    '2026-01-02'
    """
    And the workflow output should have a 'list' property containing 2 items
