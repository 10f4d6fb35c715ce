Feature: Calls over HTTP

  Scenario: the address is filled from the input
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: http-get, version: '1.0.0' }
    do:
      - get:
          call: http
          with: { method: get, endpoint: { uri: 'http://petshop.test/pets/{id}' } }
          output: { as: .name }
    """
    And given the workflow input is:
    """yaml
    id: 1
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    Milou
    """
    And get should complete

  Scenario: query parameters in the address
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: http-query-template, version: '1.0.0' }
    do:
      - get: { call: http, with: { method: get, endpoint: 'http://petshop.test/pets{?status}' }, output: { as: '.[0].id' } }
    """
    And given the workflow input is:
    """yaml
    status: sold
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    2
    """

  Scenario: query, headers and body from expressions
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: http-everything, version: '1.0.0' }
    do:
      - post:
          call: http
          with:
            method: POST
            endpoint: http://petshop.test/echo
            headers: { X-Trace: '${ .trace }', X-Number: 7 }
            query: { tag: '${ .tags }', plain: a b }
            body: { name: '${ .name }' }
          output: { as: '{ method, query, body: (.body | fromjson), trace: .headers["x-trace"], key: (.headers["idempotency-key"] | length > 0) }' }
    """
    And given the workflow input is:
    """yaml
    trace: t1
    tags: [x, y]
    name: Rex
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    method: POST
    query: { tag: [x, y], plain: [a b] }
    body: { name: Rex }
    trace: t1
    key: true
    """

  Scenario: headers and query as whole expressions
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: http-whole, version: '1.0.0' }
    do:
      - given: { set: { query: { a: b }, headers: { X-One: '1' } } }
      - get:
          call: http
          with: { method: get, endpoint: 'http://petshop.test/echo', headers: '${ .headers }', query: '${ .query }' }
          output: { as: '{ query, one: .headers["x-one"] }' }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    query: { a: [b] }
    one: '1'
    """

  Scenario: the whole response
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: http-response, version: '1.0.0' }
    do:
      - get: { call: http, with: { method: get, endpoint: 'http://petshop.test/pets/1', output: response } }
    """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have properties 'request', 'request.method', 'request.uri', 'request.headers', 'headers', 'statusCode', 'content'
    And the workflow output should have properties 'content.id', 'content.name', 'content.status'

  Scenario: raw is base64
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: http-raw, version: '1.0.0' }
    do:
      - get: { call: http, with: { method: get, endpoint: 'http://petshop.test/text', output: raw } }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    aGVsbG8=
    """

  Scenario: text is text
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: http-text, version: '1.0.0' }
    do:
      - get: { call: http, with: { method: get, endpoint: 'http://petshop.test/text' } }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    hello
    """

  Scenario: a redirect is an error
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: http-moved, version: '1.0.0' }
    do:
      - get: { call: http, with: { method: get, endpoint: 'http://petshop.test/moved' } }
    """
    When the workflow is executed
    Then the workflow should fault with error:
    """yaml
    type: https://serverlessworkflow.io/spec/1.0.0/errors/communication
    status: 302
    """

  Scenario: a redirect is an answer when it is asked for
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: http-redirect, version: '1.0.0' }
    do:
      - get: { call: http, with: { method: get, endpoint: 'http://petshop.test/moved', redirect: true, output: response }, output: { as: .statusCode } }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    302
    """

  Scenario: a status that is no success is a communication error
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: http-404, version: '1.0.0' }
    do:
      - get: { call: http, with: { method: get, endpoint: 'http://petshop.test/pets/77' } }
    """
    When the workflow is executed
    Then the workflow should fault with error:
    """yaml
    type: https://serverlessworkflow.io/spec/1.0.0/errors/communication
    status: 404
    instance: /do/0/get
    """
    And get should fault

  Scenario: 401 is an authentication error
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: http-401, version: '1.0.0' }
    do:
      - get: { call: http, with: { method: get, endpoint: 'http://petshop.test/status/401' } }
    """
    When the workflow is executed
    Then the workflow should fault with error:
    """yaml
    type: https://serverlessworkflow.io/spec/1.0.0/errors/authentication
    status: 401
    """

  Scenario: 403 is an authorization error
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: http-403, version: '1.0.0' }
    do:
      - get: { call: http, with: { method: get, endpoint: 'http://petshop.test/status/403' } }
    """
    When the workflow is executed
    Then the workflow should fault with error:
    """yaml
    type: https://serverlessworkflow.io/spec/1.0.0/errors/authorization
    status: 403
    """

  Scenario: a system that is not there is a communication error
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: http-nobody, version: '1.0.0' }
    do:
      - get: { call: http, with: { method: get, endpoint: 'http://127.0.0.1:1/' } }
    """
    When the workflow is executed
    Then the workflow should fault with error:
    """yaml
    type: https://serverlessworkflow.io/spec/1.0.0/errors/communication
    status: 500
    """

  Scenario: a value of the address that is missing expands to nothing
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: http-missing, version: '1.0.0' }
    do:
      - get:
          call: http
          with: { method: get, endpoint: 'http://petshop.test/echo/missing/{id}{?tag}' }
          output: { as: .method }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    GET
    """
    And the shop should have been asked for /echo/missing/ 1 times

  Scenario: a write without a policy is denied and not sent
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: not-permitted, version: '1.0.0' }
    do:
      - put: { call: http, with: { method: put, endpoint: 'http://petshop.test/echo/denied', body: { a: 1 } } }
    """
    When the workflow is executed
    Then the workflow should fault with error:
    """yaml
    type: https://serverlessworkflow.io/spec/1.0.0/errors/authorization
    status: 403
    """
    And the shop should have been asked for /echo/denied 0 times

  Scenario: a method that nobody knows is refused with its place
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: http-method, version: '1.0.0' }
    do:
      - get: { call: http, with: { method: gett, endpoint: 'http://petshop.test/' } }
    """
    When the workflow is executed
    Then the workflow should be refused with:
    """
    :3:
    `gett` is not a method.
    """
