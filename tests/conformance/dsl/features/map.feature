Feature: A run for each item of a list

  Scenario: what the runs come to is put out in the order of the items
    Given a deployed workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: map-square, version: '1.0.0' }
    do:
      - check:
          if: '${ .n == 3 }'
          raise: { error: { type: about:blank, status: 418, title: Not three } }
      - square: { set: { square: '${ .n * .n }' } }
    """
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: map, version: '1.0.0' }
    do:
      - all:
          call: map
          with:
            workflow: { namespace: features, name: map-square }
            items: '${ [ range(6) | { n: . } ] }'
            concurrency: 2
      - shaped: { set: '${ [ .[] | if .ok then .output.square else .error.title end ] }' }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    [0, 1, 4, Not three, 16, 25]
    """
