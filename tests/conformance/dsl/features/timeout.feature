Feature: Time limits

  Scenario: a step that takes too long
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: timeout-step, version: '1.0.0' }
    do:
      - sleep: { wait: PT30S, timeout: { after: { milliseconds: 50 } } }
    """
    When the workflow is executed
    Then the workflow should fault with error:
    """yaml
    type: https://serverlessworkflow.io/spec/1.0.0/errors/timeout
    status: 408
    """

  Scenario: a call that takes too long
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: timeout-call, version: '1.0.0' }
    do:
      - get:
          call: http
          with: { method: get, endpoint: 'http://petshop.test/slow' }
          timeout: { after: { milliseconds: 300 } }
    """
    When the workflow is executed
    Then the workflow should fault with error:
    """yaml
    type: https://serverlessworkflow.io/spec/1.0.0/errors/timeout
    status: 408
    """

  Scenario: a workflow that takes too long
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: timeout-run, version: '1.0.0' }
    timeout: { after: PT0.1S }
    do:
      - sleep: { wait: PT30S }
    """
    When the workflow is executed
    Then the workflow should fault with error:
    """yaml
    type: https://serverlessworkflow.io/spec/1.0.0/errors/timeout
    status: 408
    """
