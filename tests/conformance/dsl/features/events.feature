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

  Scenario: each event goes through steps of its own, in the order in which they came
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: listen-foreach, version: '1.0.0' }
    do:
      - both:
          fork:
            branches:
              - hear:
                  listen: { to: { any: [ { with: { type: test.each.vote } } ], until: 'length == 3' } }
                  foreach:
                    item: vote
                    at: nth
                    do:
                      - weigh: { set: { by: '${ $vote.by }', twice: '${ $vote.weight * 2 }' } }
                      - number: { set: { by: '${ .by }', twice: '${ .twice }', nth: '${ $nth }' } }
                    output: { as: '[.nth, .by, .twice]' }
              - tell:
                  do:
                    - a: { emit: { event: { with: { source: 'https://shop.test', type: test.each.vote, data: { by: ann, weight: 1 } } } } }
                    - b: { emit: { event: { with: { source: 'https://shop.test', type: test.each.vote, data: { by: bob, weight: 2 } } } } }
                    - c: { emit: { event: { with: { source: 'https://shop.test', type: test.each.vote, data: { by: cid, weight: 3 } } } }, output: { as: '"told"' } }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    [[[0, ann, 2], [1, bob, 4], [2, cid, 6]], told]
    """

  Scenario: another event ends the listening, and is not part of what was heard
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: listen-until-event, version: '1.0.0' }
    do:
      - both:
          fork:
            branches:
              - hear:
                  listen:
                    to: { any: [ { with: { type: test.until.vote } } ], until: { one: { with: { type: test.until.closed } } } }
              - tell:
                  do:
                    - a: { emit: { event: { with: { source: 'https://shop.test', type: test.until.vote, data: 1 } } } }
                    - b: { emit: { event: { with: { source: 'https://shop.test', type: test.until.vote, data: 2 } } } }
                    - c: { emit: { event: { with: { source: 'https://shop.test', type: test.until.closed, data: 3 } } }, output: { as: '"told"' } }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    [[1, 2], told]
    """

  Scenario: events of any type, by another attribute
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: listen-any-type, version: '1.0.0' }
    do:
      - both:
          fork:
            branches:
              - hear:
                  listen: { to: { any: [ { with: { subject: test-any-type } } ], until: 'length == 2' }, read: envelope }
                  foreach: { output: { as: .type } }
              - tell:
                  do:
                    - a: { emit: { event: { with: { source: 'https://shop.test', type: test.any.a, subject: test-any-type } } } }
                    - b: { emit: { event: { with: { source: 'https://shop.test', type: test.any.b, subject: another } } } }
                    - c: { emit: { event: { with: { source: 'https://shop.test', type: test.any.c, subject: test-any-type } } }, output: { as: '"told"' } }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    [[test.any.a, test.any.c], told]
    """

  Scenario: `until` belongs to `any`
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: listen-until-one, version: '1.0.0' }
    do:
      - hear: { listen: { to: { one: { with: { type: test.one } }, until: { one: { with: { type: test.two } } } } } }
    """
    When the workflow is executed
    Then the workflow should be refused with:
    """
    `until` belongs to `any`
    """
