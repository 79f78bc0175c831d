namespace Polder.Server.Queries;

/// <summary>A value of a query in the text: <c>{{revenue.rev | sum}}</c>.</summary>
/// <param name="Text">What stands between the braces.</param>
/// <param name="File">The page's path, for messages.</param>
/// <param name="Line">The line of the file, from 1.</param>
/// <param name="Column">The column of the first brace, from 1.</param>
internal sealed record PageValue(string Text, string File, int Line, int Column);
