Feature: Waiting

  Scenario: it passes its input on
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: wait, version: '1.0.0' }
    do:
      - a: { set: { x: 1 } }
      - sleep: { wait: { milliseconds: 20 } }
      - b: { set: { y: '${ .x + 1 }' } }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    y: 2
    """
    And b should run after sleep
