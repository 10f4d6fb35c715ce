Feature: Errors on purpose

  Scenario: an error written out
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: raise-inline, version: '1.0.0' }
    do:
      - stop:
          raise:
            error: { type: 'https://shop/closed', status: 400, title: Closed, detail: '${ .why }' }
    """
    And given the workflow input is:
    """yaml
    why: it is Sunday
    """
    When the workflow is executed
    Then the workflow should fault with error:
    """yaml
    type: https://shop/closed
    status: 400
    title: Closed
    detail: it is Sunday
    instance: /do/0/stop
    """

  Scenario: an error by its name
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: raise-named, version: '1.0.0' }
    use: { errors: { closed: { type: 'https://shop/closed', status: 400, title: Closed } } }
    do:
      - stop: { raise: { error: closed } }
    """
    When the workflow is executed
    Then the workflow should fault with error:
    """yaml
    title: Closed
    instance: /do/0/stop
    """
    And stop should fault
