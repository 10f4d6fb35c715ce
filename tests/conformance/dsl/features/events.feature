Feature: Events

  Scenario: an event is put out as it was emitted
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: emit, version: '1.0.0' }
    do:
      - greet:
          emit:
            event:
              with:
                source: https://shop.test
                type: test.shop.greeted.v1
                data: { text: '${ "Hello " + .name }' }
    """
    And given the workflow input is:
    """yaml
    name: Ann
    """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have properties 'id', 'specversion', 'time', 'source', 'type', 'data'
    And the workflow output should have a 'data' property with value:
    """yaml
    text: Hello Ann
    """

  Scenario: a branch hears what another one emits
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: listen-one, version: '1.0.0' }
    do:
      - both:
          fork:
            branches:
              - hear:
                  listen:
                    to: { one: { with: { type: test.shop.paid.v1 }, correlate: { order: { from: .data.order, expect: '${ .order }' } } } }
              - tell:
                  emit: { event: { with: { source: 'https://shop.test', type: test.shop.paid.v1, data: { order: '${ .order }', sum: 5 } } } }
                  output: { as: .data.sum }
    """
    And given the workflow input is:
    """yaml
    order: o-17
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    [[{ order: o-17, sum: 5 }], 5]
    """

  Scenario: all of several events
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: listen-all, version: '1.0.0' }
    do:
      - both:
          fork:
            branches:
              - hear:
                  listen: { to: { all: [ { with: { type: test.all.a } }, { with: { type: test.all.b } } ] } }
                  output: { as: 'length' }
              - tell:
                  do:
                    - a: { emit: { event: { with: { source: 'https://shop.test', type: test.all.a, data: {} } } } }
                    - b: { emit: { event: { with: { source: 'https://shop.test', type: test.all.b, data: {} } } }, output: { as: '"told"' } }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    [2, told]
    """
