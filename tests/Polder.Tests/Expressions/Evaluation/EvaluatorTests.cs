using System;
using System.Linq;
using Apache.Arrow;
using Polder.Columns;
using Polder.Expressions;
using Polder.Expressions.Evaluation;
using Xunit;

namespace Polder.Tests.Expressions.Evaluation;

/// <summary>What only columns show: laziness by rows, which row fails, selections, nested columns, zones.</summary>
public sealed class EvaluatorTests
{
    private static readonly DataType Schema = DataType.Struct(
        new StructField("x", DataType.Integer),
        new StructField("y", DataType.Integer),
        new StructField("s", DataType.String),
        new StructField("ts", DataType.Timestamp));

    private static readonly RecordBatch Batch = MakeBatch(
        Schema,
        [1, 0, "1", 0L],
        [2, 1, "x", 86_400_000_000L],
        [null, 0, "3", null],
        [3, null, null, -1L],
        [int.MaxValue, 2, "y", 1L]);

    [Theory]
    [InlineData("y <> 0 AND 1 / y < 5", "False,True,False,NULL,True")]
    [InlineData("y = 0 OR 1 / y < 5", "True,True,True,NULL,True")]
    [InlineData("CASE WHEN y = 0 THEN -1 ELSE x div y END", "-1,2,-1,NULL,1073741823")]
    [InlineData("coalesce(y, x / 0)", "!DIVIDE_BY_ZERO")]
    [InlineData("coalesce(x, 1 / y)", "!DIVIDE_BY_ZERO")]
    [InlineData("x + 1", "!ARITHMETIC_OVERFLOW")]
    [InlineData("x IS NULL OR x + 1 > 0", "!ARITHMETIC_OVERFLOW")]
    [InlineData("CASE WHEN x < 100 THEN x + 1 END", "2,3,NULL,4,NULL")]
    [InlineData("x IN (1, y, 3)", "True,False,NULL,True,False")]
    [InlineData("x NOT IN (1, 2, 4, 5, 6, NULL)", "False,False,NULL,NULL,NULL")]
    [InlineData("x <=> y", "False,False,False,False,False")]
    [InlineData("cast(s AS int)", "!CAST_INVALID_INPUT")]
    [InlineData("try_cast(s AS int)", "1,NULL,3,NULL,NULL")]
    [InlineData("CASE WHEN x IS NULL OR s = '1' THEN cast(s AS int) END", "1,NULL,3,NULL,NULL")]
    [InlineData("s LIKE 'x%' OR s LIKE '_'", "True,True,True,NULL,True")]
    [InlineData("concat(s, '-', x)", "1-1,x-2,NULL,NULL,y-2147483647")]
    [InlineData("NULL + x / 0", "NULL,NULL,NULL,NULL,NULL")]
    [InlineData("1 / 0 > 0 AND false", "!DIVIDE_BY_ZERO")]
    [InlineData("false AND 1 / 0 > 0", "False,False,False,False,False")]
    public void Rows_are_evaluated_as_Spark_does(string sql, string expected)
    {
        Expression expression = ExpressionAnalyzer.Analyze(sql, Schema);
        Outcome outcome = Outcome.Of(() => Evaluator.Create(expression).Evaluate(Batch));
        string actual = outcome.Error is not null
            ? $"!{outcome.Error.Condition}"
            : string.Join(',', Enumerable.Range(0, Batch.Length).Select(row => outcome.Text(expression.Type, row)));
        Assert.Equal(expected, actual);
        if (outcome.Error is null)
        {
            Assert.Equal(ArrowTypes.ToArrow(expression.Type).TypeId, outcome.Array!.Data.DataType.TypeId);
        }
    }

    [Fact]
    public void The_earliest_row_fails_whatever_the_expression_order()
    {
        // Row 1 fails in the right operand, row 4 in the left: the right one is met first.
        QueryException error = Assert.Throws<QueryException>(
            () => Evaluate("CASE WHEN x + 1 > 0 THEN cast(s AS int) END"));
        Assert.Equal("CAST_INVALID_INPUT", error.Condition);
        Assert.Equal("'x'", error.Parameters["expression"]);
    }

    [Fact]
    public void Rows_that_are_not_selected_cannot_fail()
    {
        Evaluator evaluator = Evaluator.Create(ExpressionAnalyzer.Analyze("cast(s AS int)", Schema));
        IArrowArray array = evaluator.Evaluate(Batch, Selection.From([0, 2, 3], 3, Batch.Length));
        Assert.Equal([1, 3, null], Values(array, DataType.Integer));
        Selection none = Evaluator.Create(ExpressionAnalyzer.Analyze("cast(s AS int) = 1", Schema))
            .Filter(Batch, Selection.From([], 0, Batch.Length));
        Assert.Equal(0, none.Count);
    }

    [Fact]
    public void Several_expressions_share_columns_and_the_earliest_failing_row()
    {
        Evaluator[] evaluators =
        [
            .. new[] { "x + 1", "cast(s AS int)", "y" }
                .Select(sql => Evaluator.Create(ExpressionAnalyzer.Analyze(sql, Schema))),
        ];
        QueryException error = Assert.Throws<QueryException>(
            () => Evaluator.EvaluateAll(evaluators, Batch, Selection.All(Batch.Length)));
        Assert.Equal("CAST_INVALID_INPUT", error.Condition);
        IArrowArray[] arrays = Evaluator.EvaluateAll(evaluators, Batch, Selection.From([0, 2], 2, Batch.Length));
        Assert.Equal([2, null], Values(arrays[0], DataType.Integer));
        Assert.Equal([1, 3], Values(arrays[1], DataType.Integer));
        Assert.Equal([0, 0], Values(arrays[2], DataType.Integer));
    }

    [Fact]
    public void Timestamps_go_by_the_sessions_zone()
    {
        EvaluationContext context = new() { TimeZone = TimeZoneInfo.FindSystemTimeZoneById("America/New_York") };
        Expression day = ExpressionAnalyzer.Analyze("cast(ts AS date)", Schema);
        Expression text = ExpressionAnalyzer.Analyze("cast(ts AS string)", Schema);
        Expression hour = ExpressionAnalyzer.Analyze("hour(ts)", Schema);
        Assert.Equal([-1, 0, null, -1, -1], Values(Evaluator.Create(day, context).Evaluate(Batch), DataType.Date));
        Assert.Equal("1969-12-31 19:00:00", Values(Evaluator.Create(text, context).Evaluate(Batch), text.Type)[0]);
        Assert.Equal([19, 19, null, 18, 19], Values(Evaluator.Create(hour, context).Evaluate(Batch), DataType.Integer));
    }

    [Fact]
    public void Elements_under_a_null_list_or_struct_are_not_cast()
    {
        DataType list = DataType.Array(DataType.String);
        DataType schema = DataType.Struct(
            new StructField("a", list),
            new StructField("r", DataType.Struct(new StructField("f", DataType.String))));
        RecordBatch batch = MakeBatch(
            schema,
            [new object?[] { "1", null }, new object?[] { "7" }],
            [new object?[] { "oops" }, new object?[] { "oops" }],
            [new object?[] { "3" }, new object?[] { "9" }]);
        RecordBatch hidden = HideRow(batch, 1);
        IArrowArray lists = Evaluator.Create(ExpressionAnalyzer.Analyze("cast(a AS array<int>)", schema))
            .Evaluate(hidden);
        Assert.Equal("[1, NULL] NULL [3]", Text(lists, DataType.Array(DataType.Integer)));
        IArrowArray structs = Evaluator.Create(ExpressionAnalyzer.Analyze("cast(r AS struct<f:int>)", schema))
            .Evaluate(hidden);
        Assert.Equal(
            "[7] NULL [9]", Text(structs, DataType.Struct(new StructField("f", DataType.Integer))));
        IArrowArray fields = Evaluator.Create(ExpressionAnalyzer.Analyze("cast(r.f AS int)", schema)).Evaluate(hidden);
        Assert.Equal("7 NULL 9", Text(fields, DataType.Integer));
        IArrowArray order = Evaluator.Create(ExpressionAnalyzer.Analyze("a < array_of_nothing", DataType.Struct(
            new StructField("a", list), new StructField("array_of_nothing", list)))).Evaluate(MakeBatch(
                DataType.Struct(new StructField("a", list), new StructField("array_of_nothing", list)),
                [new object?[] { "1", null }, new object?[] { "1" }],
                [new object?[] { null }, new object?[] { "" }],
                [new object?[] { "b" }, new object?[] { "ab", "c" }]));
        Assert.Equal("False True False", Text(order, DataType.Boolean));
    }

    [Fact]
    public void Bytes_that_are_no_text_survive()
    {
        DataType schema = DataType.Struct(new StructField("b", DataType.Binary));
        RecordBatch batch = MakeBatch(schema, [new byte[] { 0xFF, 0x41 }], [new byte[] { 0xFF }]);
        IArrowArray round = Evaluator.Create(
            ExpressionAnalyzer.Analyze("cast(concat(cast(b AS string), 'x') AS binary)", schema)).Evaluate(batch);
        Assert.Equal("ff4178 ff78", Text(round, DataType.Binary));
        IArrowArray less = Evaluator.Create(
            ExpressionAnalyzer.Analyze("cast(b AS string) > 'z'", schema)).Evaluate(batch);
        Assert.Equal("True True", Text(less, DataType.Boolean));
    }

    private static IArrowArray Evaluate(string sql) =>
        Evaluator.Create(ExpressionAnalyzer.Analyze(sql, Schema)).Evaluate(Batch);

    private static object?[] Values(IArrowArray array, DataType type) =>
        [.. Enumerable.Range(0, array.Length).Select(row => ColumnValues.Get(array, row, type))];

    private static string Text(IArrowArray array, DataType type) =>
        string.Join(' ', Values(array, type).Select(RecordedValue.ToText));

    // The same buffers, one row marked null: what it held stays beneath.
    private static RecordBatch HideRow(RecordBatch batch, int row)
    {
        IArrowArray[] arrays = [.. Enumerable.Range(0, batch.ColumnCount).Select(index =>
        {
            ArrayData data = batch.Column(index).Data;
            ArrowBuffer[] buffers = [.. data.Buffers];
            buffers[0] = new ArrowBuffer(new[] { (byte)(0xFF & ~(1 << row)) });
            return ArrowArrayFactory.BuildArray(
                new ArrayData(data.DataType, data.Length, 1, 0, buffers, data.Children, null));
        })];
        return new RecordBatch(batch.Schema, arrays, batch.Length);
    }

    private static RecordBatch MakeBatch(DataType schema, params object?[][] rows)
    {
        IArrowArray[] arrays = new IArrowArray[schema.Fields.Count];
        for (int columnIndex = 0; columnIndex < arrays.Length; columnIndex++)
        {
            ColumnBuilder builder = ColumnBuilder.Create(schema.Fields[columnIndex].Type);
            foreach (object?[] row in rows)
            {
                builder.AppendValue(row[columnIndex]);
            }

            arrays[columnIndex] = builder.Build();
        }

        return new RecordBatch(ArrowTypes.ToSchema(schema), arrays, rows.Length);
    }
}
