Feature: Calls of operations that OpenAPI describes

  Scenario: an operation of Swagger 2.0, whose parameter is a query
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: openapi-query, version: '1.0.0' }
    do:
      - find:
          call: openapi
          with:
            document: { endpoint: 'http://petshop.test/swagger.json' }
            operationId: findPets
            parameters: { status: '${ .status }' }
          output: { as: '[.[].name]' }
    """
    And given the workflow input is:
    """yaml
    status: sold
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    [Rex]
    """

  Scenario: the whole response of an operation
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: openapi-response, version: '1.0.0' }
    do:
      - get:
          call: openapi
          with:
            document: { endpoint: { uri: 'http://petshop.test/swagger.json' } }
            operationId: getPet
            parameters: { petId: 1 }
            output: response
    """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have properties 'request.method', 'request.uri', 'headers', 'statusCode', 'content.name'

  Scenario: an operation that writes, with a body
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: openapi-write, version: '1.0.0' }
    do:
      - add:
          call: openapi
          with:
            document: { endpoint: 'http://petshop.test/swagger.json' }
            operationId: addPet
            parameters: { pet: { name: Idefix } }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    id: 3
    name: Idefix
    """

  Scenario: path, query, header and body of OpenAPI 3
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: openapi-three, version: '1.0.0' }
    do:
      - say:
          call: openapi
          with:
            document: { endpoint: 'http://petshop.test/openapi.json' }
            operationId: say
            parameters: { part: a, tag: [x, y], X-Trace: t1, name: Rex }
          output: { as: '{ query, trace: .headers["x-trace"], body: (.body | fromjson) }' }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    query: { tag: [x, y] }
    trace: t1
    body: { name: Rex }
    """

  Scenario: an operation that the document does not have
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: openapi-unknown, version: '1.0.0' }
    do:
      - get: { call: openapi, with: { document: { endpoint: 'http://petshop.test/swagger.json' }, operationId: getPets } }
    """
    When the workflow is executed
    Then the workflow should fault with error:
    """yaml
    type: https://serverlessworkflow.io/spec/1.0.0/errors/configuration
    status: 400
    """

  Scenario: a document that is not there
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: openapi-nowhere, version: '1.0.0' }
    do:
      - get: { call: openapi, with: { document: { endpoint: 'http://petshop.test/nowhere.json' }, operationId: getPet } }
    """
    When the workflow is executed
    Then the workflow should fault with error:
    """yaml
    type: https://serverlessworkflow.io/spec/1.0.0/errors/communication
    status: 404
    """

  Scenario: an error has the place of the call
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: openapi-error, version: '1.0.0' }
    do:
      - get:
          call: openapi
          with: { document: { endpoint: 'http://petshop.test/swagger.json' }, operationId: getPet, parameters: { petId: 9 } }
    """
    When the workflow is executed
    Then the workflow should fault with error:
    """yaml
    status: 404
    instance: /do/0/get
    """
