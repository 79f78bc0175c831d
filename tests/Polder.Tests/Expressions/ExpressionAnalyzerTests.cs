using System.Linq;
using Polder.Columns;
using Polder.Expressions;
using Xunit;

namespace Polder.Tests.Expressions;

public sealed class ExpressionAnalyzerTests
{
    private static readonly DataType Schema = DataType.Struct(
        new StructField("id", DataType.Integer, nullable: false),
        new StructField("Name", DataType.String),
        new StructField("price", DataType.Decimal(10, 2)),
        new StructField("wall", DataType.TimestampNtz),
        new StructField("moment", DataType.Timestamp),
        new StructField("day", DataType.Date),
        new StructField("home", DataType.Struct(
            new StructField("city", DataType.String, nullable: false), new StructField("Zip", DataType.Integer))),
        new StructField("tags", DataType.Array(DataType.String)));

    [Fact]
    public void A_column_is_found_in_any_case_and_keeps_the_case_of_the_schema()
    {
        ColumnReference column = Assert.IsType<ColumnReference>(Analyze("NAME"));

        Assert.Equal((1, "Name", true), (column.Index, column.Name, column.Nullable));
        Assert.False(Analyze("ID").Nullable);
    }

    [Fact]
    public void A_field_of_a_struct_is_nullable_where_the_struct_is()
    {
        FieldAccess city = Assert.IsType<FieldAccess>(Analyze("home.CITY"));

        Assert.Equal((0, true), (city.FieldIndex, city.Nullable));
        Assert.Equal("home.city", StatsPruner.PathOf(city));
    }

    [Fact]
    public void Two_columns_of_one_name_but_for_case_are_ambiguous()
    {
        DataType schema = DataType.Struct(new StructField("a", DataType.Long), new StructField("A", DataType.Long));

        QueryException error = Assert.Throws<QueryException>(() => ExpressionAnalyzer.Analyze("a = 1", schema));

        Assert.Equal("AMBIGUOUS_REFERENCE", error.Condition);
        Assert.Equal("[`a`, `A`]", error.Parameters["referenceNames"]);
    }

    [Fact]
    public void An_unknown_column_is_answered_with_the_nearest_names()
    {
        QueryException error = Assert.Throws<QueryException>(() => Analyze("1 + prize"));

        Assert.Equal("UNRESOLVED_COLUMN.WITH_SUGGESTION", error.Condition);
        Assert.Equal("42703", error.SqlState);
        Assert.Equal("`prize`", error.Parameters["objectName"]);
        Assert.StartsWith("`price`, ", error.Parameters["proposal"]);
        Assert.Equal(5, error.Parameters["proposal"].Split(", ").Length);
        Assert.Equal(new TextSpan(4, 5), error.Span);
    }

    [Theory]
    [InlineData("id > 1.5", "(id > 1)")]
    [InlineData("id < 1.5", "(id < 2)")]
    [InlineData("1.5 <= id", "(2 <= id)")]
    [InlineData("id >= -1.5", "(id >= -1)")]
    [InlineData("id > 1e30BD", "false")]
    public void A_decimal_bound_of_an_integer_column_becomes_an_integer(string text, string rewritten) =>
        Assert.Equal(rewritten, ExpressionText.Format(Analyze(text)));

    [Fact]
    public void A_timestamp_literal_beside_a_timestamp_without_zone_is_read_as_one()
    {
        Call comparison = Assert.IsType<Call>(Analyze("wall >= TIMESTAMP '2024-01-01 00:00:00'"));

        Assert.IsType<ColumnReference>(comparison.Children[0]);
        Literal bound = Assert.IsType<Literal>(comparison.Children[1]);
        Assert.Equal((DataType.TimestampNtz, (object)1_704_067_200_000_000L), (bound.Type, bound.Value));
    }

    [Theory]
    [InlineData("price + 1", "decimal(11,2)")] // An integer literal takes only its digits.
    [InlineData("price + id", "decimal(13,2)")]
    [InlineData("price * price", "decimal(21,4)")]
    [InlineData("price / 3", "decimal(14,6)")]
    [InlineData("day + 1", "date")]
    [InlineData("day - day", "interval day")]
    [InlineData("moment - wall", "interval day to second")]
    [InlineData("CASE WHEN id > 1 THEN id ELSE price END", "decimal(12,2)")]
    [InlineData("coalesce(Name, 'x')", "string")]
    [InlineData("home.zip = '1'", "boolean")]
    public void Types_follow_Spark(string text, string type) => Assert.Equal(type, Analyze(text).Type.ToString());

    [Theory]
    [InlineData("upper(Name)", "the function upper is not supported yet")]
    [InlineData("tags[0]", "an element of an array or a map (x[i]) is not supported yet")]
    [InlineData("Name RLIKE 'a'", "RLIKE is not supported yet")]
    [InlineData("id IN (SELECT 1)", "a subquery here is not supported yet")]
    [InlineData("current_date", "current_date is not supported yet")]
    [InlineData("median(DISTINCT id)", "the function median is not supported yet")]
    [InlineData("rank() OVER (ORDER BY id)", "rank with OVER is not supported yet")]
    public void What_Spark_has_and_Polder_has_not_is_refused_by_name(string text, string message)
    {
        QueryException error = Assert.Throws<QueryException>(() => Analyze(text));

        Assert.Equal((QueryException.Unsupported, message), (error.Condition, error.Message));
    }

    [Theory]
    [InlineData("rang() OVER (ORDER BY id)", "UNRESOLVED_ROUTINE")]
    [InlineData("nosuch(DISTINCT id)", "UNRESOLVED_ROUTINE")]
    [InlineData("abs(DISTINCT id)", "INVALID_SQL_SYNTAX.FUNCTION_WITH_UNSUPPORTED_SYNTAX")]
    [InlineData("substring(Name)", "WRONG_NUM_ARGS.WITHOUT_SUGGESTION")]
    [InlineData("home.street", "FIELD_NOT_FOUND")]
    [InlineData("Name.x", "INVALID_EXTRACT_BASE_FIELD_TYPE")]
    [InlineData(":limit", "UNBOUND_SQL_PARAMETER")]
    public void What_is_wrong_has_Sparks_condition(string text, string condition) =>
        Assert.Equal(condition, Assert.Throws<QueryException>(() => Analyze(text)).Condition);

    [Fact]
    public void An_aggregate_is_refused_where_the_scope_has_none()
    {
        QueryException error = Assert.Throws<QueryException>(() => Analyze("sum(id) > 1"));

        Assert.Equal("INVALID_WHERE_CONDITION", error.Condition);
    }

    [Fact]
    public void A_condition_must_be_boolean()
    {
        QueryException error = Assert.Throws<QueryException>(
            () => ExpressionAnalyzer.AnalyzeCondition("id + 1", Schema));

        Assert.Equal("DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN", error.Condition);
        Assert.Equal(TypeKind.Boolean, ExpressionAnalyzer.AnalyzeCondition("NULL", Schema).Type.Kind);
    }

    [Fact]
    public void Equal_trees_are_equal_wherever_they_stand()
    {
        string[] texts = ["id + 1 > 2", "  ID+1  >2", "id + 1 > 3", "id + 1L > 2", "id + 1 >= 2"];
        Expression[] trees = [.. texts.Select(Analyze)];

        Assert.Equal(trees[0], trees[1], ExpressionComparer.Instance);
        Assert.Equal(
            ExpressionComparer.Instance.GetHashCode(trees[0]), ExpressionComparer.Instance.GetHashCode(trees[1]));
        Assert.All(trees[2..], tree => Assert.NotEqual(trees[0], tree, ExpressionComparer.Instance));
    }

    private static Expression Analyze(string text) => ExpressionAnalyzer.Analyze(text, Schema);
}
