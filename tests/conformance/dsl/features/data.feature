Feature: How data flows

  Scenario: the input is filtered, the output shaped, the context kept
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: data-order, version: '1.0.0' }
    input: { from: .order }
    do:
      - total:
          input: { from: '{ lines: .lines }' }
          set: { sum: '${ .lines | add }' }
          output: { as: '{ total: .sum, of: $input.lines }' }
          export: { as: '$context + { seen: .total }' }
      - tell: { set: { total: '${ .total }', seen: '${ $context.seen }', who: '${ $context.who }' } }
    output: { as: '. + { id: $workflow.definition.document.name }' }
    """
    And given the workflow input is:
    """yaml
    order: { who: ann, lines: [1, 2, 3] }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    total: 6
    seen: 6
    who: ann
    id: data-order
    """

  Scenario: input that breaks its schema is told before anything runs
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: data-schema, version: '1.0.0' }
    do:
      - a:
          input: { schema: { document: { type: object, required: [id] } } }
          set: { x: 1 }
    """
    And given the workflow input is:
    """yaml
    name: x
    """
    When the workflow is executed
    Then the workflow should fault with error:
    """yaml
    type: https://serverlessworkflow.io/spec/1.0.0/errors/validation
    status: 400
    instance: /do/0/a
    """

  Scenario: output that breaks its schema faults
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: data-output, version: '1.0.0' }
    do:
      - a: { set: { x: 1 }, output: { schema: { document: { type: object, required: [y] } } } }
    """
    When the workflow is executed
    Then the workflow should fault with error:
    """yaml
    type: https://serverlessworkflow.io/spec/1.0.0/errors/validation
    status: 400
    """

  Scenario: what is no object can be data
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: data-plain, version: '1.0.0' }
    do:
      - a: { input: { from: .user.id }, set: { id: '${ . }' }, output: { as: .id } }
    """
    And given the workflow input is:
    """yaml
    user: { id: u-1 }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    u-1
    """

  Scenario: each step's output has its name in $tasks
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: data-tasks, version: '1.0.0' }
    do:
      - a: { set: { x: 1 } }
      - b: { set: { y: 2 } }
      - c: { set: { both: '${ [$tasks.a.x, $tasks.b.y] }' } }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    both: [1, 2]
    """

  Scenario: an expression that fails is an expression error
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: data-bad, version: '1.0.0' }
    do:
      - a: { set: { x: '${ .a | error("no") }' } }
    """
    And given the workflow input is:
    """yaml
    a: 1
    """
    When the workflow is executed
    Then the workflow should fault with error:
    """yaml
    type: https://serverlessworkflow.io/spec/1.0.0/errors/expression
    status: 400
    """
