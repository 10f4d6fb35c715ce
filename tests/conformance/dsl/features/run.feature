Feature: Runs of other workflows

  Scenario: a step takes the output of another workflow
    Given a deployed workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: child, version: '1.0.0' }
    do:
      - double: { set: { n: '${ .n * 2 }' } }
    """
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: run-child, version: '1.0.0' }
    do:
      - child: { run: { workflow: { namespace: features, name: child, version: '1.0.0', input: { n: '${ .n }' } } } }
    """
    And given the workflow input is:
    """yaml
    n: 21
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    n: 42
    """

  Scenario: a container is refused
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: run-container, version: '1.0.0' }
    do:
      - box: { run: { container: { image: shop } } }
    """
    When the workflow is executed
    Then the workflow should be refused with:
    """
    `run: container` is not supported
    """

  Scenario: a workflow whose output is not wanted
    Given a deployed workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: silent-child, version: '1.0.0' }
    do:
      - told: { set: { n: 1 } }
    """
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: run-silent, version: '1.0.0' }
    do:
      - child: { run: { workflow: { namespace: features, name: silent-child, version: '1.0.0' }, return: none } }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    null
    """
