Feature: Functions of the document

  Scenario: a function that calls over HTTP gets its arguments as its input
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: function-http, version: '1.0.0' }
    use:
      functions:
        getPet:
          input: { schema: { document: { type: object, required: [petId] } } }
          call: http
          with: { method: get, endpoint: 'http://petshop.test/pets/{petId}' }
    do:
      - get: { call: getPet, with: { petId: '${ .id }' }, output: { as: .name } }
    """
    And given the workflow input is:
    """yaml
    id: 2
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    Rex
    """

  Scenario: a function is any step
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: function-any, version: '1.0.0' }
    use: { functions: { twice: { do: [ { double: { set: { n: '${ .n * 2 }' } } } ] } } }
    do:
      - a: { call: twice, with: { n: 4 } }
      - b: { call: twice, with: { n: '${ .n }' } }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    n: 16
    """

  Scenario: a function that nobody defined
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: function-unknown, version: '1.0.0' }
    use: { functions: { twice: { set: { n: 1 } } } }
    do:
      - a: { call: twic }
    """
    When the workflow is executed
    Then the workflow should be refused with:
    """
    :4:
    `twic` is not a function.
    Did you mean `twice`?
    """

  Scenario: calls that are not supported are told as such
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: function-grpc, version: '1.0.0' }
    do:
      - a: { call: grpc, with: {} }
      - b: { call: asyncapi, with: {} }
    """
    When the workflow is executed
    Then the workflow should be refused with:
    """
    :3:
    `call: grpc` is not supported
    :4:
    `call: asyncapi` is not supported
    """
