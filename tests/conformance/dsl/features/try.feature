Feature: Errors that are caught

  Scenario: a filter takes what equals it
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: try-filter, version: '1.0.0' }
    do:
      - look:
          try:
            - get: { call: http, with: { method: get, endpoint: 'http://petshop.test/pets/{id}' } }
          catch:
            errors: { with: { type: 'https://serverlessworkflow.io/dsl/errors/types/communication', status: 404 } }
            as: err
            do:
              - tell: { set: { error: '${ $err }' } }
    """
    And given the workflow input is:
    """yaml
    id: 9
    """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have properties 'error.type', 'error.status', 'error.title'
    And the workflow output should have a 'error.instance' property with value:
    """yaml
    /do/0/look/try/0/get
    """

  Scenario: another status is not caught
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: try-other, version: '1.0.0' }
    do:
      - look:
          try:
            - get: { call: http, with: { method: get, endpoint: 'http://petshop.test/status/500' } }
          catch: { errors: { with: { status: 404 } }, do: [ { tell: { set: { x: 1 } } } ] }
    """
    When the workflow is executed
    Then the workflow should fault with error:
    """yaml
    status: 500
    """

  Scenario: a retry tries until it is good
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: try-again, version: '1.0.0' }
    do:
      - insist:
          try:
            - get: { call: http, with: { method: get, endpoint: 'http://petshop.test/flaky/again/2' } }
          catch:
            errors: { with: { status: 503 } }
            retry: { delay: { milliseconds: 10 }, backoff: { linear: {} }, limit: { attempt: { count: 3 } } }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    tries: 3
    """
    And the shop should have been asked for /flaky/again/2 3 times

  Scenario: a retry that ends hands over to its steps
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: try-ends, version: '1.0.0' }
    use: { retries: { twice: { limit: { attempt: { count: 1 } } } } }
    do:
      - insist:
          try:
            - get: { call: http, with: { method: get, endpoint: 'http://petshop.test/flaky/ends/9' } }
          catch: { as: e, retry: twice, do: [ { tell: { set: { status: '${ $e.status }' } } } ] }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    status: 503
    """
    And the shop should have been asked for /flaky/ends/9 2 times

  Scenario: when and exceptWhen decide
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: try-when, version: '1.0.0' }
    do:
      - guard:
          try:
            - stop: { raise: { error: { type: 'https://shop/x', status: 418, title: T } } }
          catch: { when: $error.status == 418, exceptWhen: $context.strict, do: [ { ok: { set: { caught: true } } } ] }
    """
    And given the workflow input is:
    """yaml
    strict: false
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    caught: true
    """

  Scenario: standard errors by the names of the renamed standard
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: try-renamed, version: '1.0.0' }
    do:
      - one:
          try:
            - get: { call: http, with: { method: get, endpoint: 'http://petshop.test/status/404' } }
          catch:
            errors: { with: { type: 'https://open-workflow-specification.org/dsl/errors/types/communication', status: 404 } }
            do: [ { tell: { set: { first: caught } } } ]
      - other:
          try:
            - get: { call: http, with: { method: get, endpoint: 'http://petshop.test/status/404' } }
          catch:
            errors: { with: { type: 'https://open-workflow-specification.org/spec/1.0.0/errors/communication', status: 404 } }
            do: [ { tell: { set: { second: caught, first: '${ .first }' } } } ]
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    first: caught
    second: caught
    """
