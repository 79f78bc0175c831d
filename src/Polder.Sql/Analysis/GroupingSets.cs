using System.Collections.Generic;
using System.Linq;
using Polder.Columns;
using Polder.Expressions;
using Polder.Sql.Planning;

namespace Polder.Sql.Analysis;

/// <summary>
/// Several groupings of the same rows, one after the other; a key that a set leaves out is NULL there. Rows of each
/// set also carry which keys those are.
/// </summary>
internal sealed class GroupingSets
{
    private readonly ColumnIds _ids;
    private readonly IReadOnlyList<HashSet<int>> _sets;
    private readonly IReadOnlyList<ComputedColumn> _keys;
    private readonly LogicalColumn[] _flags;
    private readonly LogicalColumn _number;

    /// <param name="ids">Makes columns.</param>
    /// <param name="keys">All keys; they may be null.</param>
    /// <param name="sets">Which keys each set has, by position.</param>
    public GroupingSets(ColumnIds ids, IReadOnlyList<ComputedColumn> keys, IReadOnlyList<HashSet<int>> sets)
    {
        _ids = ids;
        _keys = keys;
        _sets = sets;
        _flags = [.. keys.Select(_ => ids.New("grouping", DataType.Byte, nullable: false))];
        _number = ids.New("grouping_id", DataType.Long, nullable: false);
    }

    /// <summary>What a call of grouping() or grouping_id() stands for.</summary>
    public LogicalColumn Resolve(GroupingFunction function)
    {
        List<int> keys = [.. function.Arguments.Select(argument => _keys.ToList().FindIndex(
            key => ExpressionComparer.Instance.Equals(key.Value, argument)))];
        if (function.IsSingle)
        {
            return keys[0] >= 0 ? _flags[keys[0]] : throw new QueryException(
                "GROUPING_COLUMN_MISMATCH",
                "42803",
                "grouping() takes a key of GROUP BY",
                span: function.Span);
        }

        bool all = keys.Count == 0 || keys.SequenceEqual(Enumerable.Range(0, _keys.Count));
        return all ? _number : throw new QueryException(
            "GROUPING_ID_COLUMN_MISMATCH",
            "42803",
            "grouping_id() takes all keys of GROUP BY, in their order",
            span: function.Span);
    }

    /// <summary>The groups of every set.</summary>
    public LogicalUnion Build(LogicalPlan source, IReadOnlyList<ComputedColumn> calls)
    {
        IEnumerable<LogicalColumn> output = _keys.Select(key => key.Column).Concat(_flags).Append(_number)
            .Concat(calls.Select(call => call.Column));
        return new LogicalUnion([.. _sets.Select(set => BuildSet(source, set, calls))], [.. output]);
    }

    private LogicalProject BuildSet(LogicalPlan source, HashSet<int> set, IReadOnlyList<ComputedColumn> calls)
    {
        // A set without keys groups by a constant: no rows make no group, as in Spark.
        List<int> present = [.. set.Order()];
        List<ComputedColumn> keys = present.Count == 0
            ? [Copy("key", new Literal(0, DataType.Integer))]
            : [.. present.Select(index => Copy(_keys[index].Column.Name, _keys[index].Value))];
        List<ComputedColumn> aggregates = [.. calls.Select(call => Copy(call.Column.Name, call.Value))];
        List<Expression> values = [];
        long number = 0;
        for (int index = 0; index < _keys.Count; index++)
        {
            values.Add(set.Contains(index)
                ? keys[present.IndexOf(index)].Column.Reference()
                : new Literal(null, _keys[index].Column.Type));
            number = (number << 1) | (set.Contains(index) ? 0L : 1L);
        }

        values.AddRange(_keys.Select((_, index) => new Literal((sbyte)(set.Contains(index) ? 0 : 1), DataType.Byte)));
        values.Add(new Literal(number, DataType.Long));
        values.AddRange(aggregates.Select(aggregate => aggregate.Column.Reference()));
        return new LogicalProject(
            new LogicalAggregate(source, keys, aggregates), [.. values.Select(value => Copy("value", value))]);
    }

    private ComputedColumn Copy(string name, Expression value) =>
        new(_ids.New(name, value.Type, value.Nullable), value);
}
