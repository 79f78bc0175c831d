using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Columns;
using Polder.Expressions;
using Polder.Sql;
using Xunit;

namespace Polder.Tests.Sql;

/// <summary>Values that stand in a statement where it has parameters.</summary>
public sealed class ParameterTests
{
    private readonly SqlSession _session = new();

    [Theory]
    [InlineData("SELECT :a + 1", "INT", "41", "int", 42)]
    [InlineData("SELECT :a", "STRING", "' OR 1 = 1 --", "string", "' OR 1 = 1 --")]
    [InlineData("SELECT count(*) FROM range(10) WHERE id < :a", "BIGINT", "7", "bigint", 7L)]
    [InlineData("SELECT id FROM range(10) ORDER BY id DESC LIMIT :a", "INT", "1", "bigint", 9L)]
    [InlineData("SELECT sum(id) FROM range(:a)", "INT", "5", "bigint", 10L)]
    [InlineData("WITH q AS (SELECT :a AS x) SELECT x FROM q WHERE x = :a", "INT", "3", "int", 3)]
    [InlineData("SELECT CASE WHEN :a IS NULL THEN 1 ELSE 2 END", "DATE", null, "int", 1)]
    [InlineData("SELECT year(:a)", "DATE", "2026-05-17", "int", 2026)]
    [InlineData("SELECT - :a", "INT", "5", "int", -5)]
    public async Task A_parameter_is_a_value_of_its_type(
        string sql, string type, string? text, string resultType, object expected)
    {
        SqlQueryOptions options = new() { Parameters = Values(("a", SqlParameter.Parse(text, type))) };
        StatementResult result = await _session.QueryAsync(sql, options);
        List<RecordBatch> batches = await result.Batches.ToListAsync();
        Assert.Equal(resultType, result.Schema.Fields[0].Type.ToString());
        Assert.Equal(expected, ColumnValues.Get(batches[0].Column(0), 0, result.Schema.Fields[0].Type));
    }

    [Fact]
    public async Task A_parameter_without_a_value_is_an_error_at_its_place()
    {
        SqlQueryOptions options = new() { Parameters = Values(("region", new Literal("EU", DataType.String))) };
        QueryException error = await Assert.ThrowsAsync<QueryException>(
            () => _session.QueryAsync("SELECT 1 WHERE 'EU' = :Region", options));
        Assert.Equal("UNBOUND_SQL_PARAMETER", error.Condition);
        Assert.Equal(new TextSpan(22, 7), error.Span);
    }

    [Fact]
    public async Task Every_statement_of_a_script_has_the_values()
    {
        SqlQueryOptions options = new() { Parameters = Values(("n", new Literal(3, DataType.Integer))) };
        List<object?> found = [];
        await foreach (StatementResult result in _session.ExecuteAsync("SELECT :n; SELECT :n * 2", options))
        {
            await foreach (RecordBatch batch in result.Batches)
            {
                found.Add(ColumnValues.Get(batch.Column(0), 0, result.Schema.Fields[0].Type));
            }
        }

        Assert.Equal([3, 6], found);
    }

    [Theory]
    [InlineData("region=EU=x", "region", "EU=x")]
    [InlineData("n:INT=7", "n", 7)]
    [InlineData("empty=", "empty", "")]
    public void A_command_line_says_name_type_and_value(string assignment, string name, object value)
    {
        (string found, Literal literal) = SqlParameter.ParseAssignment(assignment);
        Assert.Equal((name, value), (found, literal.Value!));
    }

    [Theory]
    [InlineData("region")]
    [InlineData("=x")]
    [InlineData("n:INT=seven")]
    [InlineData("n:NUMBERS=7")]
    [InlineData("n:ARRAY<INT>=7")]
    public void What_is_no_parameter_is_refused(string assignment) =>
        Assert.Throws<QueryException>(() => SqlParameter.ParseAssignment(assignment));

    [Theory]
    [InlineData("37", 37L, null)]
    [InlineData("2026-01-31", null, "2026-01-31T00:00:00Z")]
    [InlineData("2026-01-31T12:30:00+02:00", null, "2026-01-31T10:30:00Z")]
    public void A_point_is_a_version_or_a_time(string text, long? version, string? time)
    {
        TimePoint point = TimePoint.Parse(text);
        Assert.Equal(version, point.Version);
        Assert.Equal(time is null ? null : DateTimeOffset.Parse(time, null), point.Timestamp);
    }

    [Fact]
    public void What_is_no_point_says_how_to_write_one() => Assert.Contains(
        "write 37, 2026-01-31", Assert.Throws<QueryException>(() => TimePoint.Parse("last week")).Message);

    private static Dictionary<string, Literal> Values(params (string Name, Literal Value)[] values) =>
        values.ToDictionary(pair => pair.Name, pair => pair.Value);
}
