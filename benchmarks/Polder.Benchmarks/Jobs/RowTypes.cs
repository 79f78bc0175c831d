using System;
using System.Text.Json.Serialization;
using Polder.Columns.Rows;

namespace Polder.Benchmarks.Jobs;

[PolderRow]
internal sealed partial record Order(long Id, DateTime At, string Customer, double? Discount, Line[] Lines);

[PolderRow]
internal sealed partial record Line(string Sku, int Count, double Price, string? Note);

[JsonSerializable(typeof(Order[]))]
internal sealed partial class RowJson : JsonSerializerContext;
