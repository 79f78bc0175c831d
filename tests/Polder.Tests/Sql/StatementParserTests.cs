using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using Polder.Expressions;
using Polder.Sql;
using Polder.Sql.Parsing;
using Xunit;

namespace Polder.Tests.Sql;

public sealed class StatementParserTests
{
    // May only grow.
    private const int AcceptedAtLeast = 183;

    [Fact]
    public void Statements_that_Spark_reads_are_read_or_refused_by_name_and_the_others_never_read()
    {
        List<string> wrong = [];
        int accepted = 0;
        int refused = 0;
        int rejected = 0;
        foreach (JsonNode line in File.ReadLines(Corpus.Path("corpus", "spark-sql", "statements.ndjson"))
            .Select(text => JsonNode.Parse(text)!))
        {
            string sql = (string)line["sql"]!;
            bool valid = line["error"] is null;
            if (!valid && sql.Contains("/*+", StringComparison.Ordinal))
            {
                continue; // A hint is a comment to Polder: it changes no answer, right or wrong.
            }

            string? condition = ConditionOf(sql);
            if (condition == QueryException.Unsupported)
            {
                refused++;
            }
            else if (condition is null == valid)
            {
                accepted += valid ? 1 : 0;
                rejected += valid ? 0 : 1;
            }
            else
            {
                wrong.Add($"{sql}\n    {condition ?? "read"}, Spark: {line["error"] ?? "reads it"}");
            }
        }

        Counted.Say(
            $"Spark's statements: {accepted} read, {rejected} rejected, {refused} refused, {wrong.Count} wrong");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(accepted >= AcceptedAtLeast, $"{accepted} read, at least {AcceptedAtLeast} before");
    }

    [Fact]
    public void A_script_splits_at_semicolons_and_keeps_the_places()
    {
        const string Script = "SELECT 1;\n-- none ;\n;SELECT ';' AS `a;b` ; ";
        IReadOnlyList<SqlStatement> statements = SqlStatement.Split(Script);
        Assert.Equal(["SELECT 1", "SELECT ';' AS `a;b`"], statements.Select(statement => statement.Text));
        Assert.Equal(Script.IndexOf("SELECT ';'", StringComparison.Ordinal), statements[1].Span.Start);
    }

    [Fact]
    public void An_error_points_at_its_place_in_the_script()
    {
        const string Script = "SELECT 1;\nSELECT 2 FROM t GROUP k";
        QueryException exception = Assert.Throws<QueryException>(
            () => StatementParser.ParseAt(Script, SqlStatement.Split(Script)[1].Span));
        Assert.Equal("PARSE_SYNTAX_ERROR", exception.Condition);
        Assert.Equal(Script.Length - 1, exception.Span.Start);
    }

    [Theory]
    [InlineData("SELECT * FROM t1 WHERE", null)]
    [InlineData("SELECT 1 AS from", null)]
    [InlineData("SELECT * FROM t1 GROUP k", "PARSE_SYNTAX_ERROR")]
    [InlineData("SELECT 1; SELECT 2", "PARSE_SYNTAX_ERROR")]
    [InlineData("SELECT k FROM t1 ORDER BY k UNION ALL SELECT 1", "PARSE_SYNTAX_ERROR")]
    [InlineData("SELECT * FROM my-table", "INVALID_IDENTIFIER")]
    [InlineData("SELECT 1 AS é", "INVALID_IDENTIFIER")]
    [InlineData("DROP TABLE t", QueryException.Unsupported)]
    [InlineData("SELECT 1 FROM t PIVOT (sum(a) FOR b IN (1))", QueryException.Unsupported)]
    public void Words_are_clauses_only_where_they_can_be(string sql, string? condition) =>
        Assert.Equal(condition, ConditionOf(sql));

    [Fact]
    public void Nesting_without_end_is_an_error_not_a_crash()
    {
        string deep = string.Concat(Enumerable.Repeat("SELECT * FROM (", 50_000));
        Assert.Equal("FAILED_TO_PARSE_TOO_COMPLEX", ConditionOf(deep));
        string parentheses = "SELECT * FROM " + new string('(', 50_000);
        Assert.Equal("FAILED_TO_PARSE_TOO_COMPLEX", ConditionOf(parentheses));
    }

    private static string? ConditionOf(string sql)
    {
        try
        {
            StatementParser.ParseOne(sql);
            return null;
        }
        catch (QueryException exception)
        {
            return exception.Condition;
        }
    }
}
