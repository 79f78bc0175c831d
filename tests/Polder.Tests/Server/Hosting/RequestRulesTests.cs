using Microsoft.AspNetCore.Http;
using Polder.Server.Hosting;
using Xunit;

namespace Polder.Tests.Server.Hosting;

public sealed class RequestRulesTests
{
    [Theory]
    [InlineData("127.0.0.1:7070", true)]
    [InlineData("127.0.0.2", true)]
    [InlineData("localhost:1", true)]
    [InlineData("LOCALHOST", true)]
    [InlineData("[::1]:7070", true)]
    [InlineData("10.0.0.5", false)]
    [InlineData("evil.example:7070", false)]
    [InlineData("localhost.evil.example", false)]
    [InlineData("127.0.0.1.evil.example", false)]
    [InlineData("", false)]
    public void Only_this_machine_is_meant(string host, bool isOwn) =>
        Assert.Equal(isOwn, RequestRules.IsOwnHost(new HostString(host)));
}
